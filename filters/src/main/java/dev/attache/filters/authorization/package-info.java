/**
 * What the HTTP and the network filter {@code ext_authz} share: the question, the answer, and the
 * services that are asked. Facts: {@code source/extensions/filters/common/ext_authz}.
 */
@NullMarked
package dev.attache.filters.authorization;

import org.jspecify.annotations.NullMarked;
