/** The real proxy behind real interception, in network namespaces that the tests make. */
@NullMarked
package dev.attache.interception;

import org.jspecify.annotations.NullMarked;
