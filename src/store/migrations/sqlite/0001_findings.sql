-- Scans, the facts they saw, and the findings these facts led to.
-- Column types are named so that sqlx decodes them: datetime, date, json, boolean, bigint, blob, text.

create table meta (
    key   text not null primary key,
    value text not null
);

insert into meta (key, value) values ('schema', 'xuncha.store/1');

create table scan (
    id            integer  not null primary key autoincrement,
    started_at    datetime not null,
    finished_at   datetime,
    city          text     not null,
    vantage       text     not null,
    profile       text     not null,
    program       text     not null,
    rules         text     not null,
    state         text     not null check (state in ('running', 'finished', 'interrupted')),
    void          text     not null default '',
    void_detail   text     not null default ''
);

create index scan_state on scan (state);

-- one look at one site; body is the facts' JSON under zstd, bytes its length before
create table facts (
    scan        bigint   not null references scan (id),
    site        text     not null,
    observed_at datetime not null,
    outcome     text     not null,
    reason      text     not null,
    requests    bigint   not null,
    bytes       bigint   not null,
    body        blob     not null,
    unknown     json     not null,
    score       json     not null,
    primary key (scan, site)
);

create index facts_site on facts (site, scan);
create index facts_observed on facts (observed_at);

create table finding (
    id           integer  not null primary key autoincrement,
    site         text     not null,
    rule         text     not null,
    target       text     not null,
    state        text     not null check (state in ('open', 'acknowledged', 'closed', 'suppressed')),
    title        text     not null,
    severity     text     not null,
    weight       bigint   not null,
    basis        text     not null,
    message      text     not null,
    remedy       text     not null,
    audience     text     not null,
    evidence     json     not null,
    opened_at    datetime not null,
    last_seen_at datetime not null,
    closed_at    datetime,
    reopened     bigint   not null,
    due          date,
    unique (site, rule, target)
);

create index finding_weight on finding (state, weight);

-- how a finding moved: with these rows any past day can be asked
create table finding_event (
    id       integer  not null primary key autoincrement,
    finding  bigint   not null references finding (id),
    at       datetime not null,
    scan     bigint   not null references scan (id),
    change   text     not null check (change in ('opened', 'lasted', 'reopened', 'closed')),
    message  text     not null,
    severity text     not null,
    due      date
);

create index finding_event_finding on finding_event (finding, at, id);
