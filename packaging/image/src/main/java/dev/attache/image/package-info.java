/**
 * Builds the OCI image of an installed Attache, by jib-core and without a daemon: {@link
 * dev.attache.image.ImageMain} is what Maven runs, {@link dev.attache.image.ImageContents} says
 * what is where. Not shipped.
 */
@NullMarked
package dev.attache.image;

import org.jspecify.annotations.NullMarked;
