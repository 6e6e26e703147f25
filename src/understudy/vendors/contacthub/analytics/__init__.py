"""Analytics: periods, node scopes, count queries and KPIs."""
