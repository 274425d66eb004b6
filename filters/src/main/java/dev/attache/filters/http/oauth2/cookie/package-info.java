/**
 * The cookies of a login and of a session: names, attributes, what is signed and sealed in them.
 */
@NullMarked
package dev.attache.filters.http.oauth2.cookie;

import org.jspecify.annotations.NullMarked;
