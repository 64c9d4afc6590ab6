"""The Chinese name of each private event, in a trail that people read."""

HAPPENED = {
    "WebhookMade": "登记推送地址",
    "SecretRotated": "更换签名密钥",
    "WebhookPaused": "暂停推送",
    "WebhookDisabled": "多次未送达，停止推送",
    "WebhookResumed": "恢复推送",
    "WebhookRemoved": "删除推送地址",
    "PartnerAdmitted": "登记合作方",
    "TypesAllowed": "确定可报送事件",
    "PartnerSecretRotated": "更换合作方密钥",
    "PartnerSuspended": "暂停合作方",
    "PartnerResumed": "恢复合作方",
    "Replayed": "重新投递",
    "Discarded": "丢弃",
    "ToldAgain": "重新通知",
}
