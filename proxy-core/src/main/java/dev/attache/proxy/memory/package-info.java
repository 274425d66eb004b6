/**
 * What one worker holds in memory for its peers, who holds it, and who has to go when it becomes
 * too much. A worker has one {@link dev.attache.proxy.memory.WorkerMemory} with a share of the
 * process's {@link dev.attache.proxy.memory.MemoryBudget}; each downstream connection and each
 * HTTP/2 stream has a {@link dev.attache.proxy.memory.MemoryAccount} in it.
 *
 * <p>Loop-confined but for the budget: charging is an addition to plain fields.
 */
@NullMarked
package dev.attache.proxy.memory;

import org.jspecify.annotations.NullMarked;
