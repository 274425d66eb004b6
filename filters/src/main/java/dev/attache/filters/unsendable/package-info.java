/**
 * Headers that a service or a script has given a request and that no message may carry: shared by
 * filters that add what others say.
 */
@NullMarked
package dev.attache.filters.unsendable;

import org.jspecify.annotations.NullMarked;
