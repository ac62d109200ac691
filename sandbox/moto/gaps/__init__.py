"""What moto lacks and the sandbox needs, one module a service."""
