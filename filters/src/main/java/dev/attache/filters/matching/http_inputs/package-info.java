/**
 * What matcher trees look at in requests and responses: headers, trailers, query parameters, status
 * and dynamic metadata ({@code envoy.type.matcher.v3.Http*MatchInput}). What has not come yet is
 * said to be so. Complete.
 */
@NullMarked
package dev.attache.filters.matching.http_inputs;

import org.jspecify.annotations.NullMarked;
