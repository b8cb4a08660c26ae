"""The one table of methods that this server simulates. What is in the schema but not here answers 501."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.botapi_server.call import Call
from bot.botapi_server.methods import editing, queries, sending, settings, updates

METHODS: dict[str, Callable[[Call], Any]] = {
    # Updates
    "getUpdates": updates.get_updates,
    "setWebhook": updates.set_webhook,
    "deleteWebhook": updates.delete_webhook,
    "getWebhookInfo": updates.get_webhook_info,
    # The bot itself
    "getMe": settings.get_me,
    "logOut": settings.log_out,
    "close": settings.log_out,
    "getFile": settings.get_file,
    "setMyCommands": settings.set_my_commands,
    "deleteMyCommands": settings.delete_my_commands,
    "getMyCommands": settings.get_my_commands,
    "setMyName": settings.set_text("name"),
    "getMyName": settings.get_text("name"),
    "setMyDescription": settings.set_text("description"),
    "getMyDescription": settings.get_text("description"),
    "setMyShortDescription": settings.set_text("short_description"),
    "getMyShortDescription": settings.get_text("short_description"),
    "setChatMenuButton": settings.set_chat_menu_button,
    "getChatMenuButton": settings.get_chat_menu_button,
    "setMyDefaultAdministratorRights": settings.set_default_rights,
    "getMyDefaultAdministratorRights": settings.get_default_rights,
    "getUserProfilePhotos": settings.get_user_profile_photos,
    # Sending
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_media("photo"),
    "sendDocument": sending.send_media("document"),
    "sendVideo": sending.send_media("video"),
    "sendAnimation": sending.send_media("animation"),
    "sendAudio": sending.send_media("audio"),
    "sendVoice": sending.send_media("voice"),
    "sendVideoNote": sending.send_media("video_note"),
    "sendSticker": sending.send_media("sticker"),
    "sendMediaGroup": sending.send_media_group,
    "sendLocation": sending.send_location,
    "sendVenue": sending.send_venue,
    "sendContact": sending.send_contact,
    "sendDice": sending.send_dice,
    "forwardMessage": sending.forward_message,
    "forwardMessages": sending.forward_messages,
    "copyMessage": sending.copy_message,
    "copyMessages": sending.copy_messages,
    "sendMessageDraft": sending.send_message_draft,
    "sendChatAction": sending.send_chat_action,
    # Editing
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageMedia": editing.edit_message_media,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "pinChatMessage": editing.pin_chat_message,
    "unpinChatMessage": editing.unpin_chat_message,
    "unpinAllChatMessages": editing.unpin_all_chat_messages,
    "setMessageReaction": editing.set_message_reaction,
    # Queries
    "answerCallbackQuery": queries.answer_callback_query,
    "answerInlineQuery": queries.answer_inline_query,
    "answerGuestQuery": queries.answer_guest_query,
}
