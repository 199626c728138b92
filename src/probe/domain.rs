//! Names: suffix, structure and labels of a domain, parsed without any network (Article 14).
