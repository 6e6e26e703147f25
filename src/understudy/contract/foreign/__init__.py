"""Documents of users' own vendors, of any version of OpenAPI, rewritten in the grammar of the shipped specs."""
