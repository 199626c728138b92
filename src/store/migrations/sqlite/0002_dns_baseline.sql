-- What a site's name should answer: confirmed by a person, or taken over from the first look.

create table dns_baseline (
    site         text     not null primary key,
    host         text     not null,
    body         json     not null,
    confirmed_at datetime not null,
    confirmed_by text     not null
);
