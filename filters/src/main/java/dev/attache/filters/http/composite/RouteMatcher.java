package dev.attache.filters.http.composite;

import dev.attache.filters.delegation.FilterMatcher;

/** A route's matcher, in place of the filter's own. Immutable. */
record RouteMatcher(FilterMatcher matcher) {}
