"""Tables of who may enter: kept in a database of their own, so that no feature query can ever reach them."""

import sqlalchemy as sa

TABLES = sa.MetaData()

ACCOUNTS = sa.Table(
    "accounts",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("user_class", sa.String, nullable=False),
    sa.Column("password_hash", sa.String, nullable=False),
    sa.Column("password_at", sa.String, nullable=False),
    sa.Column("must_change", sa.Boolean, nullable=False),
    sa.Column("earlier_hashes", sa.JSON, nullable=False),
    sa.Column("sealed_totp", sa.String),
    sa.Column("totp_step", sa.Integer),
    sa.Column("issuer", sa.String),
    sa.Column("subject", sa.String),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("theme", sa.String, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("valid_until", sa.String),
    sa.Column("created_at", sa.String, nullable=False),
    sa.UniqueConstraint("issuer", "subject"),
)

GROUPS = sa.Table(
    "groups",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("created_at", sa.String, nullable=False),
)

MEMBERS = sa.Table(
    "members",
    TABLES,
    sa.Column("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True),
)

ROLES = sa.Table(
    "roles",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("title_zh", sa.String, nullable=False),
    sa.Column("title_en", sa.String, nullable=False),
    sa.Column("user_class", sa.String, nullable=False),
    sa.Column("rights", sa.JSON, nullable=False),
    sa.Column("clearance", sa.Integer, nullable=False),
    sa.Column("layers", sa.JSON),
    sa.Column("hidden", sa.JSON, nullable=False),
    sa.Column("writable", sa.JSON),
    sa.Column("second_factor", sa.Boolean, nullable=False),
    sa.Column("builtin", sa.Boolean, nullable=False),
)

POSTS = sa.Table(
    "posts",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True),
    sa.Column("group_id", sa.ForeignKey("groups.id", ondelete="CASCADE"), index=True),
    sa.Column("role", sa.ForeignKey("roles.id"), nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("enterprises", sa.JSON),
    sa.Column("since", sa.String, nullable=False),
    sa.Column("until", sa.String),
    sa.Column("reason", sa.String, nullable=False),
    sa.Column("given_by", sa.String, nullable=False),
    sa.Column("given_at", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
    sa.Column("ended_by", sa.String),
)

SESSIONS = sa.Table(
    "sessions",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("token_hash", sa.String, nullable=False, unique=True),
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("post", sa.String),
    sa.Column("stage", sa.String, nullable=False),
    sa.Column("how", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("seen_at", sa.String, nullable=False),
    sa.Column("expires_at", sa.String, nullable=False),
    sa.Column("idle", sa.Integer, nullable=False),
    sa.Column("agent", sa.String, nullable=False),
    sa.Column("address", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
    sa.Column("ended_by", sa.String),
)

KEYS = sa.Table(
    "keys",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key_hash", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("layers", sa.JSON),
    sa.Column("writable", sa.JSON),
    sa.Column("per_minute", sa.Integer, nullable=False),
    sa.Column("given_by", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("expires_at", sa.String),
    sa.Column("used_at", sa.String),
    sa.Column("revoked_at", sa.String),
)

KIOSKS = sa.Table(
    "kiosks",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("token_hash", sa.String, nullable=False, unique=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("screen", sa.String, nullable=False),
    sa.Column("role", sa.ForeignKey("roles.id"), nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("lang", sa.String, nullable=False),
    sa.Column("given_by", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("used_at", sa.String),
    sa.Column("revoked_at", sa.String),
)

READ_NOTICES = sa.Table(
    "read_notices",
    TABLES,
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("notice", sa.String, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

DRAFTS = sa.Table(
    "drafts",
    TABLES,
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("of", sa.String, primary_key=True),
    sa.Column("mark", sa.String, nullable=False),
    sa.Column("body", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False, index=True),
)

CONTACTS = sa.Table(
    "contacts",
    TABLES,
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("channel", sa.String, primary_key=True),
    sa.Column("sealed", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

CURSORS = sa.Table(
    "cursors",
    TABLES,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
)

MESSAGES = sa.Table(
    "messages",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("account", sa.ForeignKey("accounts.id", ondelete="CASCADE"), nullable=False),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("about", sa.String, nullable=False),
    sa.Column("title_zh", sa.String, nullable=False),
    sa.Column("title_en", sa.String, nullable=False),
    sa.Column("body_zh", sa.String, nullable=False),
    sa.Column("body_en", sa.String, nullable=False),
    sa.Column("link", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False, index=True),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", sa.String, nullable=False),
    sa.Column("sent_at", sa.String),
    sa.Column("read_at", sa.String),
    sa.Column("said", sa.String, nullable=False),
    sa.UniqueConstraint("about", "account", "channel"),
    sa.Index("messages_own", "account", "channel", "read_at"),
    sa.Index("messages_due", "state", "next_at"),
)

SUBSCRIBERS = sa.Table(
    "alert_subscribers",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("channel", sa.String, nullable=False),
    sa.Column("areas", sa.String, nullable=False),
    sa.Column("sealed", sa.String, nullable=False),
    sa.Column("secret", sa.String, nullable=False),
    sa.Column("shown", sa.String, nullable=False),
    sa.Column("since", sa.String, nullable=False),
    sa.Column("ended_at", sa.String),
)

ALERTS = sa.Table(
    "alert_deliveries",
    TABLES,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("subscriber", sa.ForeignKey("alert_subscribers.id"), nullable=False),
    sa.Column("warning", sa.String, nullable=False, index=True),
    sa.Column("identifier", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("headline", sa.String, nullable=False),
    sa.Column("short", sa.String, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", sa.String, nullable=False),
    sa.Column("sent_at", sa.String),
    sa.Column("acknowledged_at", sa.String),
    sa.Column("said", sa.String, nullable=False),
    sa.UniqueConstraint("identifier", "subscriber"),
    sa.Index("alert_deliveries_due", "state", "next_at"),
)

DEVICE_SECRETS = sa.Table(
    "device_secrets",
    TABLES,
    sa.Column("device", sa.String, primary_key=True),
    sa.Column("secret_hash", sa.String, nullable=False, unique=True),
    sa.Column("given_by", sa.String, nullable=False),
    sa.Column("given_at", sa.String, nullable=False),
)

DEVICES_SEEN = sa.Table(
    "devices_seen",
    TABLES,
    sa.Column("device", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
)

SIGNATURES = sa.Table(
    "signatures_taken",
    TABLES,
    sa.Column("device", sa.String, primary_key=True),
    sa.Column("nonce", sa.String, primary_key=True),
    sa.Column("until", sa.BigInteger, nullable=False, index=True),
)
