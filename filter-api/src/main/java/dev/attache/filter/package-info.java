/**
 * What a filter of an author outside is written against: nothing else of the proxy is on its
 * compile class path. A jar names its {@link dev.attache.filter.FilterFactory} in {@code
 * META-INF/services/dev.attache.filter.FilterFactory}; the factory reads settings and opens a
 * filter of one of three tiers:
 *
 * <ul>
 *   <li>{@link dev.attache.filter.HeaderFilter}: sees heads, changes them or answers. One lambda.
 *   <li>{@link dev.attache.filter.BlockingFilter}: a method on a virtual thread of the stream's
 *       own. It may wait for anything: a database, an HTTP client, the response.
 *   <li>{@link dev.attache.filter.StreamingFilter}: callbacks on the worker, for each piece of a
 *       body as it comes. It may hold, change and add anything, and must never wait.
 * </ul>
 *
 * <p>Types marked {@link dev.attache.filter.Stable} change compatibly within a major version; those
 * marked {@link dev.attache.filter.Evolving} may change with a minor version, with a note. More
 * types than packages here should have stand in one, so that an author finds them all by one name.
 */
@NullMarked
package dev.attache.filter;

import org.jspecify.annotations.NullMarked;
