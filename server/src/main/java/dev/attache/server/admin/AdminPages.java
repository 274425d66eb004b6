package dev.attache.server.admin;

import dev.attache.server.admin.http.AdminEndpoint;
import dev.attache.server.admin.http.AdminEndpoint.Kind;
import dev.attache.server.admin.http.AdminEndpoint.Parameter;
import java.util.Collection;

/** The home page and the help text, made from the table of endpoints. Pure. */
final class AdminPages {

    private static final String HEAD =
            """
            <!DOCTYPE html>
            <html lang='en'>
            <head>
              <title>Envoy Admin</title>
              <link rel='icon' href='data:,'>
              <style>
                .home-table { font-family: sans-serif; font-size: medium; border-collapse: collapse; }
                .home-data { text-align: left; padding: 4px; }
                .home-form { margin-bottom: 0; }
                .button-as-link { background: none; border: none; padding: 0; color: #069;
                  font-family: sans-serif; font-size: medium; text-decoration: underline; cursor: pointer; }
                .gray { background-color: #dddddd; }
                .vert-space { height: 4px; }
                .option { padding: 4px 4px 4px 20px; text-align: right; }
              </style>
            </head>
            <body>
              <table class='home-table'>
                <thead>
                  <tr><th class='home-data'>Command</th><th class='home-data'>Description</th></tr>
                </thead>
                <tbody>
            """;

    private AdminPages() {}

    static String help(Collection<AdminEndpoint> endpoints) {
        StringBuilder out = new StringBuilder("admin commands are:\n");
        for (AdminEndpoint endpoint : endpoints) {
            out.append("  ").append(endpoint.path());
            if (endpoint.mutating()) {
                out.append(" (POST)");
            }
            out.append(": ").append(endpoint.help()).append('\n');
            for (Parameter parameter : endpoint.parameters()) {
                out.append("      ").append(parameter.name()).append(": ").append(parameter.help());
                if (!parameter.choices().isEmpty()) {
                    out.append("; One of (")
                            .append(String.join(", ", parameter.choices()))
                            .append(')');
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    static String home(Collection<AdminEndpoint> endpoints) {
        StringBuilder out = new StringBuilder(HEAD);
        boolean gray = false;
        int index = 0;
        for (AdminEndpoint endpoint : endpoints) {
            index++;
            if (endpoint.path().equals("/")) {
                continue;
            }
            row(out, endpoint, index, gray ? " class='gray'" : "");
            gray = !gray;
        }
        return out.append("    </tbody>\n  </table>\n</body>\n</html>\n").toString();
    }

    /** The statistics for a browser. */
    static String stats(String text) {
        return HEAD.substring(0, HEAD.indexOf("<table"))
                + "<pre>"
                + escape(text)
                + "</pre>\n</body>\n</html>\n";
    }

    private static void row(StringBuilder out, AdminEndpoint endpoint, int index, String css) {
        String path = endpoint.path().substring(1);
        String id = path.replace('/', '-');
        out.append("\n<tr class='vert-space'><td></td><td></td></tr>\n<tr")
                .append(css)
                .append(">\n");
        out.append("  <td class='home-data'>");
        if (!endpoint.mutating() && endpoint.parameters().isEmpty()) {
            out.append("<a href='").append(path).append("'>").append(path).append("</a>");
        } else {
            String method = endpoint.mutating() ? "post" : "get";
            String look = endpoint.mutating() ? "" : " class='button-as-link'";
            out.append("<form action='").append(path).append("' method='").append(method);
            out.append("' id='").append(id).append("' class='home-form'>\n    <button");
            out.append(look).append('>').append(path).append("</button>\n  </form>");
        }
        out.append("</td>\n  <td class='home-data'>");
        out.append(escape(endpoint.help())).append("</td>\n</tr>\n");
        for (Parameter parameter : endpoint.parameters()) {
            parameter(
                    out, parameter, id, "param-" + index + "-" + id + "-" + parameter.name(), css);
        }
    }

    private static void parameter(
            StringBuilder out, Parameter parameter, String form, String id, String css) {
        out.append("<tr").append(css).append(">\n  <td class='option'>");
        String common = " name='" + parameter.name() + "' id='" + id + "' form='" + form + "'";
        if (parameter.kind() == Kind.CHOICE) {
            out.append("<select").append(common).append('>');
            for (String choice : parameter.choices()) {
                out.append("<option value='").append(choice).append("'>");
                out.append(choice).append("</option>");
            }
            out.append("</select>");
        } else {
            String type = parameter.kind() == Kind.FLAG ? "checkbox" : "text";
            out.append("<input type='").append(type).append('\'').append(common).append(" />");
        }
        out.append("</td>\n  <td class='home-data'><label for='").append(id).append("'>");
        out.append(escape(parameter.help())).append("</label></td>\n</tr>\n");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
