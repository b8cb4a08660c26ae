"""What village ambassadors do in the private chat: notebooks for neighbours, lists, sharing, points; and how one becomes one."""
