"""The support desk: a person of the staff is reached at the first word, in a topic of a staff group.

`feature` is the person's side, `room` the staff's; what is written waits in the books (`catalog_db.journal.desk_posts`) and
`pump` posts it, `reports` learns what became of it. Nothing is sent to anybody but the person whose topic it was written in.
"""
