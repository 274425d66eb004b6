/**
 * {@code attache top}: what happens per second, from the statistics of the admin port between two
 * looks. Of many statistics only those of the view are asked for, and histograms only of the rows
 * that are shown.
 */
@NullMarked
package dev.attache.console.top;

import org.jspecify.annotations.NullMarked;
