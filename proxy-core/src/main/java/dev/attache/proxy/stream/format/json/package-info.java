/** JSON as logs and local replies write it, and numbers as it writes them. */
@NullMarked
package dev.attache.proxy.stream.format.json;

import org.jspecify.annotations.NullMarked;
