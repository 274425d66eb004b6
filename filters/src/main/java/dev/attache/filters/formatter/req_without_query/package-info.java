/**
 * {@code envoy.formatter.req_without_query}: {@code %REQ_WITHOUT_QUERY(X?Y):Z%}.
 *
 * <p>Type URL {@code envoy.extensions.formatter.req_without_query.v3.ReqWithoutQuery}.
 */
@NullMarked
package dev.attache.filters.formatter.req_without_query;

import org.jspecify.annotations.NullMarked;
