/** Makes a DEB and an RPM of the installed tree: the same content, scripts and dates for both. */
@NullMarked
package dev.attache.packaging.product;

import org.jspecify.annotations.NullMarked;
