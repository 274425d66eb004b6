/**
 * Templates of bootstraps: the language of Go's {@code text/template} with the functions that
 * Istio's agent adds ({@code toJSON} and the most used of sprig), and without methods.
 *
 * @see <a href="https://pkg.go.dev/text/template">text/template</a>
 */
@NullMarked
package dev.attache.agent.bootstrap.template;

import org.jspecify.annotations.NullMarked;
