/**
 * What of a configuration is valid and useless: routes that are never reached, chains that never
 * match, clusters that nobody uses. Only what is certain is said, each as a warning with resource,
 * field and remedy.
 */
@NullMarked
package dev.attache.server.review.useless;

import org.jspecify.annotations.NullMarked;
