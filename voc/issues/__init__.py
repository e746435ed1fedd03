"""Stage 3: comments of different clients about the same concrete thing stand in one issue.

In: a read comment. Out: a match with score and reasons, or none yet. Always true: what a person
confirmed, refused or named the machine never changes; every act can be undone; threads stay private
to their client.
"""
