"""The client list: accounts and their groups, contacts, services, yearly value, usage.

In: an import or a form. Out: the list every count runs over. Always true: clients are counted by
group; an account seen only in a comment is marked as not on the list; nobody is guessed from an
e-mail domain.
"""
