"""Mail: what leaves the house and what comes back.

In: deliveries that later stages put in line, each with its own stable Message-ID; raw mail from the inbox.
Out: mail sent once, bounces and replies told to later stages by name. Always true: nothing leaves before an
administrator pressed "start sending", nothing leaves a practice installation, and a message that is on its
way can be stopped for ten minutes.
"""
