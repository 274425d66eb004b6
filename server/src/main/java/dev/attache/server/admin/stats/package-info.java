/**
 * The statistics pages of the administration interface: what {@code /stats} and {@code
 * /stats/prometheus} select and how they print it. Knows queries, not requests.
 */
@NullMarked
package dev.attache.server.admin.stats;

import org.jspecify.annotations.NullMarked;
