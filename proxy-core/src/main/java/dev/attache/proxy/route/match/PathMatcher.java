package dev.attache.proxy.route.match;

import dev.attache.proxy.matching.Regex;

/** The path part of a {@code RouteMatch}; compared without query and fragment. Immutable. */
public sealed interface PathMatcher {

    record Prefix(String prefix, boolean caseSensitive) implements PathMatcher {}

    record Exact(String path, boolean caseSensitive) implements PathMatcher {}

    /** {@code /a} matches {@code /a} and {@code /a/b}, not {@code /ab}. */
    record SeparatedPrefix(String prefix, boolean caseSensitive) implements PathMatcher {}

    /** The whole path. */
    record Pattern(Regex regex) implements PathMatcher {}

    /** CONNECT and extended CONNECT requests, which may have no path. */
    record Connect() implements PathMatcher {}

    /** {@code /users/{id}/**} of the uri_template extension. */
    record Template(UriTemplate template) implements PathMatcher {}
}
