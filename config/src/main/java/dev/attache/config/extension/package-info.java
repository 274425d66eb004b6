/**
 * Extensions: found by category and type URL, compiled by their factory. Built-ins stand in one
 * list, users' come by {@code jar.UserExtensions}, and neither has a privilege the other lacks.
 */
@NullMarked
package dev.attache.config.extension;

import org.jspecify.annotations.NullMarked;
