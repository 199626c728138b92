-- One row a probe of a home page that counts: void ones, and those a gateway answered, are not here.
-- day is the date in Asia/Shanghai.

create table sample (
    site     text     not null,
    at       datetime not null,
    day      date     not null,
    vantage  text     not null,
    opened   boolean  not null,
    total_ms bigint   not null,
    primary key (site, at, vantage)
) without rowid;

create index sample_day on sample (site, day);
