from bindings import delegate_send_to_s3, send_to_s3

print(send_to_s3.delay("items/1.json", "{}").get(timeout=10))
print(delegate_send_to_s3("items/2.json", "{}", {"tenant": "acme"}, version="2").get(timeout=10))
