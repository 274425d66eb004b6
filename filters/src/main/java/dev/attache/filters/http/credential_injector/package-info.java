/**
 * Gives requests a credential for who is behind, {@code
 * envoy.extensions.filters.http.credential_injector.v3.CredentialInjector} (Envoy's page:
 * "Credential Injector"), among the filters of a connection manager or of a cluster. Status:
 * complete.
 */
@NullMarked
package dev.attache.filters.http.credential_injector;

import org.jspecify.annotations.NullMarked;
