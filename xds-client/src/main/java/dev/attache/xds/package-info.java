/** The xDS transport protocol. */
@NullMarked
package dev.attache.xds;

import org.jspecify.annotations.NullMarked;
