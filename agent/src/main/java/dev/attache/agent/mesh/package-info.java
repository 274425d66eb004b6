/**
 * What the mesh says about this proxy: Istio's ProxyConfig, from a MeshConfig file, a variable and
 * annotations, each laid over the one before it.
 */
@NullMarked
package dev.attache.agent.mesh;

import org.jspecify.annotations.NullMarked;
