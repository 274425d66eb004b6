/**
 * {@code POST /config_dry_run}: what a configuration would change if this proxy had it. It is
 * compiled beside the running one, on a thread of its own, by the same compilers with statistics,
 * log files and shared state that nobody else sees; then both are compared.
 */
@NullMarked
package dev.attache.server.review.dryrun;

import org.jspecify.annotations.NullMarked;
