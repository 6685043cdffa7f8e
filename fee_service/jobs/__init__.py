"""Work beside the answering of requests: jobs that workers take, chunk by chunk, so that none is lost or done twice.

What is done is told by the kinds that the composition root hands in (`kinds.Kind`); nothing here knows any.
"""
