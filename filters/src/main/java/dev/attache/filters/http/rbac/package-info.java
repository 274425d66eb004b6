/**
 * Lets requests pass or turns them away by policies, {@code
 * envoy.extensions.filters.http.rbac.v3.RBAC} (Envoy's page: "Role Based Access Control (RBAC)
 * Filter"). What is decided by is in {@code filters.rbac}.
 */
@NullMarked
package dev.attache.filters.http.rbac;

import org.jspecify.annotations.NullMarked;
