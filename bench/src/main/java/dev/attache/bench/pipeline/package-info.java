/** What a filter costs in the pipeline, by who wrote it: JMH. */
@NullMarked
package dev.attache.bench.pipeline;

import org.jspecify.annotations.NullMarked;
