package dev.attache.filters.http.lua;

import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.lua.LuaException;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes scripts of {@code DataSource}s; each runs once, so that one that fails is refused. */
final class ScriptFactory {

    private final CompileContext context;
    private final String paths;
    private final String libraryPaths;
    private final String sharedId;

    /**
     * @param paths {@code package_paths}
     * @param libraryPaths {@code package_cpaths}
     * @param sharedId {@code shared_vm_id}
     */
    ScriptFactory(
            CompileContext context,
            List<String> paths,
            List<String> libraryPaths,
            String sharedId) {
        this.context = context;
        this.paths = Octets.of(String.join(";", paths));
        this.libraryPaths = Octets.of(String.join(";", libraryPaths));
        this.sharedId = sharedId;
    }

    /** The script, or null: the error has been reported. */
    @Nullable LuaScript of(DataSource source, CompileContext at) {
        byte[] bytes = DataSources.bytes(source, at);
        return bytes == null ? null : of(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    /**
     * The same of code.
     *
     * @param octets characters are bytes
     */
    @Nullable LuaScript of(String octets) {
        LuaScript.Source source = new LuaScript.Source(octets, paths, libraryPaths, sharedId);
        LuaScript script =
                sharedId.isEmpty() ? new LuaScript(source) : SharedScripts.of(context, source);
        if (!context.settings().runsCode()) {
            context.warning("the script is not run here: whether it loads is not known");
            return script;
        }
        try {
            script.check();
            return script;
        } catch (LuaException e) {
            context.error("script load error: " + Octets.text(String.valueOf(e.getMessage())));
        } catch (UnsatisfiedLinkError e) {
            context.error("scripts in Lua cannot run here: " + e.getMessage());
        }
        return null;
    }
}
