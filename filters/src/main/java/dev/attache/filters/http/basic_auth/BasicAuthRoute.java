package dev.attache.filters.http.basic_auth;

/**
 * What a route says instead of the filter. Immutable.
 *
 * @param realm empty = the filter's
 */
record BasicAuthRoute(Users users, String realm) {}
