/**
 * Compiles TLS secrets: certificates, validation contexts, ticket keys and generic secrets, whether
 * they stand inline, in files, among the static secrets or come by SDS.
 */
@NullMarked
package dev.attache.config.secret;

import org.jspecify.annotations.NullMarked;
