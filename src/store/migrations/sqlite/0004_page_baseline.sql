-- What each site's home page looks like: confirmed by a person, or taken over from the first look.
-- body stays until somebody confirms anew; news (text, links) follows every look that shows nothing else of note.

create table page_baseline (
    site         text     not null primary key,
    host         text     not null,
    body         json     not null,
    news         json     not null,
    confirmed_at datetime not null,
    confirmed_by text     not null
);
