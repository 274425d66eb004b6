/**
 * Lets connections pass or closes them by policies, {@code
 * envoy.extensions.filters.network.rbac.v3.RBAC} (Envoy's page: "Role Based Access Control (RBAC)
 * Network Filter"). What is decided by is in {@code filters.rbac}.
 */
@NullMarked
package dev.attache.filters.network.rbac;

import org.jspecify.annotations.NullMarked;
