/**
 * Role-based access control, which the HTTP and the network filter {@code rbac} share (Envoy's
 * page: "Role Based Access Control"): policies are compiled to {@link
 * dev.attache.filters.rbac.Check checks}, an {@link dev.attache.filters.rbac.AccessEngine} says
 * which of them a request or a connection meets first, and its {@link
 * dev.attache.filters.rbac.Verdict} is ready made. Where there are many policies, those that ask
 * for exact values are found by them. Facts: {@code source/extensions/filters/common/rbac}.
 */
@NullMarked
package dev.attache.filters.rbac;

import org.jspecify.annotations.NullMarked;
