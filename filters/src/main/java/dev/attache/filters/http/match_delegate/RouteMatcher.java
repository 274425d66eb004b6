package dev.attache.filters.http.match_delegate;

import dev.attache.filters.delegation.FilterMatcher;

/** A route's matcher, in place of the filter's. Immutable. */
record RouteMatcher(FilterMatcher matcher) {}
