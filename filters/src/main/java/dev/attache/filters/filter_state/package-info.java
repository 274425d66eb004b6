/**
 * Filter state that is made by configuration: what set_filter_state has in common for requests and
 * connections (Envoy's page: "Well Known Filter State Objects"). No room of its own.
 */
@NullMarked
package dev.attache.filters.filter_state;

import org.jspecify.annotations.NullMarked;
