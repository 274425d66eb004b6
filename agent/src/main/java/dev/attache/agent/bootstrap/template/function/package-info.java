/** What templates call, and values as Go prints and compares them. */
@NullMarked
package dev.attache.agent.bootstrap.template.function;

import org.jspecify.annotations.NullMarked;
