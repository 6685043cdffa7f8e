"""The rules, pure: who, which licences, lines, months, waivers, invoices, advice; no framework, file or clock."""
