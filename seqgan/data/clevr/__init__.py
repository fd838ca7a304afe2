"""Stories of CLEVR-SV: four panels of one scene, each adding an object, drawn by our own renderer or read as released.

No picture, mesh or weight of CLEVR is in it. What its scenes consist of (shapes, colours, sizes, where camera and lamps
stand, how far objects keep apart) is public knowledge of its generator; how bright its lamps are was measured on
pictures of it.
"""
